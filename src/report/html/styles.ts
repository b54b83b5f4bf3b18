/** Layout and type of the page; colours come from `themeStyles`. */
export const pageStyles = `
*,*::before,*::after{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%;scroll-behavior:smooth}
body{margin:0;background:var(--page);color:var(--ink);font:400 1rem/1.6 Inter,ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
h1,h2,h3,p,ul,ol,dl,dd,figure{margin:0;padding:0}
ul,ol{list-style:none}
h1,h2,h3{text-wrap:balance;font-weight:640;letter-spacing:-.015em}
p,li,dd{text-wrap:pretty}
a{color:inherit}
:focus-visible{outline:2px solid var(--reference);outline-offset:3px;border-radius:6px}
.page{--inset:2.25rem;max-width:70rem;margin:0 auto;padding:0 1.5rem 5rem}
.number,td.number,th.number,dd{font-variant-numeric:tabular-nums lining-nums}

.masthead{display:flex;align-items:center;gap:.75rem;padding:1.75rem 0 1.5rem}
.masthead svg{flex:none}
.brand{font-weight:640;letter-spacing:-.01em}
.subject{color:var(--muted);min-width:0;overflow-wrap:anywhere}
.subject b{font-weight:550;color:var(--ink)}
.theme{margin-left:auto;flex:none;font:inherit;font-size:.875rem;color:var(--muted);background:none;border:1px solid var(--hairline);border-radius:999px;padding:.3rem .9rem;cursor:pointer}
.theme:hover{color:var(--ink);border-color:var(--muted)}

.verdict{border-radius:20px;padding:2.75rem var(--inset) 1.5rem;background:var(--tint)}
.badge{display:inline-flex;align-items:center;gap:.5rem;font-weight:600;font-size:.9375rem;color:var(--tone)}
.verdict h1{font-size:clamp(2rem,1.35rem + 2.9vw,3.25rem);line-height:1.08;letter-spacing:-.032em;font-weight:680;margin-top:.6rem}
.summary{font-size:clamp(1.0625rem,1rem + .35vw,1.25rem);line-height:1.5;max-width:52rem;margin-top:1rem}
.scale{margin-top:1.75rem}
.severity-ok{--tone:var(--ok);--tint:var(--ok-tint)}
.severity-warning{--tone:var(--warning);--tint:var(--warning-tint)}
.severity-drift{--tone:var(--drift);--tint:var(--drift-tint)}
.severity-insufficient-data{--tone:var(--insufficient-data);--tint:var(--insufficient-data-tint)}

.answers{columns:2;column-gap:4rem;padding:2.75rem var(--inset) 0}
.answers section{break-inside:avoid;padding-bottom:2.25rem}
.answers h2{font-size:.875rem;font-weight:550;letter-spacing:0;color:var(--muted)}
.answers .lead{font-size:1.1875rem;line-height:1.4;font-weight:600;letter-spacing:-.012em;margin-top:.3rem}
.answers li{margin-top:.55rem;color:var(--muted)}
.answers .steps li{padding-left:1.1rem;position:relative}
.answers .steps li::before{content:"";position:absolute;left:.1rem;top:.66em;width:.32rem;height:.32rem;border-radius:50%;background:var(--tone)}
.notes{margin-top:.5rem;padding:1.1rem var(--inset);border-radius:14px;border:1px solid var(--hairline)}
.notes h2{font-size:.875rem;font-weight:600;letter-spacing:0}
.notes li{margin-top:.35rem;font-size:.9375rem}

.chapter{margin-top:3.5rem}
.chapter>h2,.chapter>.intro{padding-inline:var(--inset)}
.chapter>h2{font-size:1.625rem;line-height:1.25;letter-spacing:-.022em}
.chapter>.intro{color:var(--muted);max-width:46rem;margin-top:.5rem}
.chapter>.card+.intro{margin-top:1.25rem}
.card{background:var(--surface);border:1px solid var(--hairline);border-radius:16px;padding:1.75rem var(--inset);margin-top:1.25rem;min-width:0}
.card h3{font-size:1.0625rem;line-height:1.35}
.card .intro{color:var(--muted);font-size:.9375rem;line-height:1.55;margin:.3rem 0 1.25rem;max-width:44rem}

.strip{position:relative;display:grid;grid-auto-flow:column;grid-auto-columns:var(--tile);justify-content:start;gap:0 .75rem;max-width:100%;overflow-x:auto;padding:.25rem 1px .5rem 0;scrollbar-width:thin}
.strip.full{justify-content:space-between}
.strip+.strip{margin-top:1rem}
.strip{grid-template-columns:6.5rem}
.column,.rows{display:grid;grid-template-rows:repeat(3,var(--tile-height)) auto;gap:.375rem;min-width:0}
.one .column,.one .rows{grid-template-rows:var(--tile-height) auto}
.one .rows{align-items:start}
.card>.notes{border:0;padding:0;margin:.5rem 0 1.25rem;color:var(--muted)}
.two .column,.two .rows{grid-template-rows:repeat(2,var(--tile-height)) auto}
.rows{position:sticky;left:0;z-index:1;background:var(--surface);font-size:.8125rem;color:var(--muted);align-items:center;padding-right:.5rem}
.column img{display:block;width:var(--tile);height:var(--tile-height);border-radius:5px;background:var(--sunken);box-shadow:0 0 0 1px var(--hairline)}
.pixelated img{image-rendering:pixelated}
.column figcaption{min-width:0;font-size:.8125rem;line-height:1.35;padding-top:.2rem;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
.column .id{display:block;color:var(--muted);font-size:.6875rem;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.told li{margin-top:.55rem;padding-inline:var(--inset);max-width:56rem}
.card .chart{margin-top:1.25rem}
.ramp{display:flex;align-items:center;gap:.6rem;font-size:.8125rem;color:var(--muted);margin-top:1.25rem;flex-wrap:wrap;row-gap:.1rem}
.ramp :last-child{flex-basis:100%}
.ramp i{display:block;width:9rem;height:.5rem;border-radius:99px;border:1px solid var(--hairline)}

.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(12.5rem,1fr));gap:1px;background:var(--hairline);border:1px solid var(--hairline);border-radius:16px;overflow:hidden;margin-top:1.25rem}
.figures>div{background:var(--surface);padding:1.5rem var(--inset);display:flex;flex-direction:column}
.figures dt{font-size:.875rem;color:var(--muted)}
.figures .value{font-size:1.9375rem;line-height:1.2;font-weight:620;letter-spacing:-.028em;margin-top:.2rem}
.figures .note{font-size:.875rem;line-height:1.45;color:var(--muted);margin-top:.35rem;overflow-wrap:anywhere}
.maps{display:flex;flex-wrap:wrap;gap:1.5rem;margin-top:1rem}
.maps figure{margin:0;max-width:260px}
.maps figcaption{font-size:.875rem;line-height:1.45;margin-bottom:.5rem}
.maps .note{color:var(--muted)}

.chart svg{display:block;width:100%;height:auto;overflow:visible;font-family:inherit;font-variant-numeric:tabular-nums}
.chart .narrow{display:none}

.details{margin-top:1.25rem;background:var(--surface);border:1px solid var(--hairline);border-radius:16px;overflow:hidden}
details+details{border-top:1px solid var(--hairline)}
summary{display:flex;align-items:baseline;gap:.75rem;padding:1.05rem var(--inset);cursor:pointer;font-weight:550;list-style:none}
summary::-webkit-details-marker{display:none}
summary::before{content:"";flex:none;width:.45rem;height:.45rem;border-right:1.75px solid var(--muted);border-bottom:1.75px solid var(--muted);transform:translateY(-.1rem) rotate(-45deg);transition:transform .15s}
details[open]>summary::before{transform:translateY(-.15rem) rotate(45deg)}
summary .aside{margin-left:auto;font-weight:400;font-size:.9375rem;color:var(--muted);text-align:right;overflow-wrap:anywhere}
summary:hover{background:var(--sunken)}
summary:focus-visible{outline-offset:-3px}
.body{padding:.25rem var(--inset) 1.75rem calc(var(--inset) + 1.2rem)}
.body>p{max-width:46rem;overflow-wrap:anywhere}
.body>p+*{margin-top:1rem}
.scroll{overflow-x:auto;scrollbar-width:thin}
table{border-collapse:collapse;width:100%;font-size:.9375rem;line-height:1.45}
th{font-weight:500;font-size:.8125rem;color:var(--muted);text-align:left;vertical-align:bottom;padding:.35rem .9rem .5rem 0;white-space:nowrap}
td{padding:.5rem .9rem .5rem 0;border-top:1px solid var(--hairline);vertical-align:top;overflow-wrap:break-word;min-width:4rem}
td.number,th.number{text-align:right;white-space:nowrap}
th:last-child,td:last-child{padding-right:0}
td:first-child{min-width:10rem;overflow-wrap:anywhere}
.number+:not(.number){padding-left:.9rem}
tr.weak td{color:var(--muted)}
.pairs{display:grid;grid-template-columns:minmax(8rem,max-content) minmax(0,1fr);gap:.45rem 2rem;font-size:.9375rem}
.pairs dt{color:var(--muted)}
.pairs dd{overflow-wrap:anywhere}
.glossary dt{font-weight:550;color:var(--ink)}
.glossary dd{color:var(--muted);max-width:44rem}
.colophon{margin-top:3rem;font-size:.875rem;color:var(--muted)}
`

/** Phones and paper. */
export const mediaStyles = `
@media (max-width:52rem){
.answers{columns:1}
}
@media (max-width:40rem){
.page{--inset:1.15rem;padding:0 .9rem 3rem}
.masthead{flex-wrap:wrap;padding:1.1rem 0 1rem}
.subject{order:3;flex-basis:100%;font-size:.9375rem}
.verdict{padding-block:1.6rem 1rem;border-radius:16px}
.answers{padding-top:1.75rem}
.answers section{padding-bottom:1.75rem}
.chapter{margin-top:3rem}
.card{padding-block:1.35rem}
.strip{grid-template-columns:5.3rem}
.strip.full{justify-content:start}
.rows{font-size:.75rem}
.figures{grid-template-columns:repeat(2,minmax(0,1fr))}
.figures>div{padding-block:1.1rem}
.figures .value{font-size:1.5rem}
summary{padding-block:1rem;flex-wrap:wrap;row-gap:0}
summary .aside{margin-left:1.2rem;flex-basis:100%;text-align:left}
.body{padding:.25rem var(--inset) 1.35rem}
.pairs{grid-template-columns:minmax(0,1fr);gap:0}
.pairs dd+dt{margin-top:.75rem}
.chart .wide{display:none}
.chart .narrow{display:block}
}
@media print{
@page{margin:14mm}
:root{--page:#fff}
html{font-size:12px}
.page{max-width:none;padding:0}
.theme{display:none}
.verdict,.notes,.column img,.ramp i,.chart svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}
.chapter{margin-top:2rem}
.strip{zoom:.78;overflow:visible}
.card,.figures>div,tr,.answers>div,.column{break-inside:avoid}
h2,h3,summary{break-after:avoid}
.scroll{overflow:visible}
}
@media (prefers-reduced-motion:reduce){*{transition:none!important;scroll-behavior:auto!important}}
`
