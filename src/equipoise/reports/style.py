"""The look of the report's page: calm and dense, readable on paper, in the dark and on a telephone."""

from typing import Final

STYLE: Final = """
:root{--ink:#14202b;--soft:#55636f;--line:#d5dce2;--paper:#fff;--wash:#f4f6f8;--accent:#0a5a78;--focus:#f2a900;
--text:15px/1.55 system-ui,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
*{box-sizing:border-box}html{scroll-padding-top:84px}
body{margin:0;font:var(--text);color:var(--ink);background:var(--wash)}
.bar{display:flex;gap:16px;align-items:center;min-height:44px;padding:6px 20px;background:var(--paper);
border-bottom:1px solid var(--line);position:sticky;top:0;z-index:2}
.bar .end{margin-left:auto;padding:6px 0}.soft{color:var(--soft)}a{color:var(--accent)}
:focus-visible{outline:3px solid var(--focus);outline-offset:1px}
.ribbon{position:sticky;top:44px;z-index:2;display:flex;flex-wrap:wrap;gap:0 28px;padding:4px 20px;font-size:13px;
font-weight:600;letter-spacing:.04em;color:#5e4300;border-bottom:1px solid #ecd9a0;
background:repeating-linear-gradient(-45deg,#fff6dc 0 10px,#ffefc0 10px 20px)}
.sheet{display:grid;grid-template-columns:190px minmax(0,940px);gap:32px;justify-content:center;padding:24px 20px}
nav{position:sticky;top:92px;align-self:start;display:grid;gap:2px;font-size:13px}
nav a{color:var(--soft);text-decoration:none;padding:4px 8px;border-left:2px solid var(--line)}
nav a:hover{color:var(--ink);border-color:var(--accent)}
main{background:var(--paper);border:1px solid var(--line);border-radius:4px;padding:28px 32px}
h1{font-size:25px;line-height:1.25;margin:0 0 14px;font-weight:650;letter-spacing:-.01em}
h2{font-size:19px;margin:38px 0 10px;padding-top:14px;border-top:2px solid var(--ink);font-weight:650}
h3{font-size:16px;margin:24px 0 8px;font-weight:650}p{margin:8px 0;max-width:72ch}
p.lead{font-size:16px;border-left:3px solid var(--accent);padding-left:12px}
dl{display:grid;grid-template-columns:minmax(120px,210px) 1fr;gap:0;margin:10px 0;font-size:14px}
dt{color:var(--soft);padding:4px 16px 4px 0;border-bottom:1px solid var(--line)}
dd{margin:0;padding:4px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
dl.hand dd{min-height:72px;border-color:var(--ink)}dl.hand dt{border:0}
figure{margin:22px 0}figcaption{font-weight:600;margin-bottom:8px}.foot{font-size:13px;color:var(--soft);margin:6px 0 0}
.drawing{background:#fff;overflow-x:auto}.drawing svg{display:block;max-width:100%;height:auto;min-width:620px}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:13.5px;line-height:1.35}
thead th{border-bottom:1.5px solid var(--ink);vertical-align:bottom;text-align:left;font-weight:600}
td,th{padding:5px 10px;border-bottom:1px solid var(--line);vertical-align:top}
tbody th{text-align:left;font-weight:400;min-width:170px}th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}
td.n{white-space:nowrap}td.long{white-space:normal}th.in1{padding-left:28px;color:var(--soft)}
th.in2{padding-left:46px;color:var(--soft)}
.listing table{font-size:12px}.listing td,.listing th{padding:3px 7px}.listing tbody th{min-width:0;white-space:nowrap}
summary{font-weight:600;cursor:pointer;padding:4px 0}
tr.heading th{background:var(--wash);font-weight:600}tbody tr:hover{background:rgba(10,90,120,.04)}
.num{font-variant-numeric:tabular-nums}
footer{position:sticky;bottom:0;background:var(--paper);border-top:1px solid var(--line);padding:6px 20px;
font-size:12px;color:var(--soft);overflow-wrap:anywhere}
@media(max-width:900px){.sheet{grid-template-columns:minmax(0,1fr);padding:12px}nav{display:none}main{padding:16px}
dl{grid-template-columns:1fr}dt{border:0;padding-bottom:0}h1{font-size:21px}.bar{padding:6px 12px}
footer{position:static}}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9fb0be;--line:#2f3b46;--paper:#141b22;--wash:#0d1319;
--accent:#6fc3e0}.drawing{border-radius:4px;padding:8px}
.ribbon{background:#4a3a05;color:#ffe9a8;border-color:#6b5610}}
@media print{@page{margin:18mm 14mm}body{background:#fff;font-size:10.5pt}nav{display:none}
.sheet{display:block;padding:0}
main{border:0;padding:0}.bar{position:static}.ribbon{position:fixed;top:0;left:0;right:0}footer{position:fixed;bottom:0;
left:0;right:0}figure,tr{break-inside:avoid}h2,h3,figcaption{break-after:avoid}a{color:inherit;text-decoration:none}}
""".replace("\n", "")
