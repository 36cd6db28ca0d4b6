"""The colours and letters of charts, for the stylesheet of a page."""

from __future__ import annotations

from procdef.pages.text_widths import FONTS

_LIGHT = (
    "--chart-paper:#fff;--chart-ink:#1c2430;--chart-quiet:#566072;"
    "--chart-grid:#d5dbe4;--chart-a:#1f5fbf;--chart-b:#b4530a"
)
_DARK = (
    "--chart-paper:#14181f;--chart-ink:#e8ecf2;--chart-quiet:#a9b4c4;"
    "--chart-grid:#333d4b;--chart-a:#8ab4ff;--chart-b:#f4a35e"
)
_PRINT = "--chart-paper:#fff;--chart-ink:#000;--chart-quiet:#333;--chart-grid:#bbb;--chart-a:#1f5fbf;--chart-b:#8f4108"

STYLE = f"""
.chart{{{_LIGHT};font-family:{FONTS};max-width:100%;height:auto;background:none}}
@media (prefers-color-scheme:dark){{.chart{{{_DARK}}}}}
@media print{{.chart{{{_PRINT}}}}}
.chart text{{fill:var(--chart-ink);font-size:13px}}
.chart .name{{font-size:15px;font-weight:bold}}
.chart .quiet,.chart .tick{{fill:var(--chart-quiet);font-size:12px}}
.chart .grid{{fill:none;stroke:var(--chart-grid);stroke-width:1}}
.chart .base{{stroke:var(--chart-quiet);stroke-width:1}}
.chart .bar{{fill:var(--chart-a)}}
.chart .other{{stroke:var(--chart-b);stroke-width:1}}
.chart .hatch{{stroke:var(--chart-b);stroke-width:5}}
.chart .span{{stroke:var(--chart-a);stroke-width:3}}
.chart .dot{{fill:var(--chart-a);stroke:var(--chart-paper);stroke-width:1}}
.chart .ring{{fill:var(--chart-paper);stroke:var(--chart-a);stroke-width:2}}
.chart .diamond{{fill:var(--chart-paper);stroke:var(--chart-b);stroke-width:2}}
.chart .limit{{stroke:var(--chart-ink);stroke-width:3}}
.chart .tip{{stroke:var(--chart-a);stroke-width:3}}
.chart .band{{fill:var(--chart-a);fill-opacity:.22;stroke:var(--chart-a);stroke-width:1}}
.chart .run{{fill:none;stroke:var(--chart-a);stroke-width:2.5}}
.chart .likely{{fill:none;stroke:var(--chart-a);stroke-width:2.5;stroke-dasharray:6 4}}
.chart .less{{fill:none;stroke:var(--chart-b);stroke-width:2;stroke-dasharray:2 4}}
.chart .now{{stroke:var(--chart-quiet);stroke-width:1.5;stroke-dasharray:4 3}}
""".strip()
"""The page says which of the two pictures of a chart it shows, by its own width."""
