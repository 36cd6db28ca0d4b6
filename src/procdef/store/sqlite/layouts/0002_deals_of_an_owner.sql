-- The deals of one person are the list that is asked for most. One index more would cost every step more than it saves.
CREATE INDEX deal_owner ON deal (owner, outcome);
