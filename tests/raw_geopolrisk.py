"""A tiny folder of raw files in the layouts of their publishers."""

from __future__ import annotations

import gzip
from pathlib import Path

FILES = {
    "geopolrisk_hs_code_map.csv": """\
Sheet_name,Reference ID,Symbol,HS Code,HS Code - Complementary
Metal (oxide),Metal,Me,010101,010102
Copper,Copper,Cu,020202,
Natural Gas,Natural gas,NG,030303,
Stones,Stones,,Not Available,
""",
    "world_mining_data.csv.gz": """\
Sheet_name,Country,Country_Code,Country_ISO,2024,unit
Metal (oxide),Northland,1,AUS,6.9,metr. t
Metal (oxide),Southland,2,CHN,4,metr. t
Metal (oxide),French Guiana,3,NLD,,metr. t
Metal (oxide),Netherlands,3,NLD,9,metr. t
Metal (oxide),Total,DELETE,DELETE,20,metr. t
Copper,Northland,1,AUS,3000,kg
Copper,Netherlands,3,NLD,1000,kg
Natural Gas,Netherlands,3,NLD,50,Mio m3
""",
    "baci_hs92_2018_2024.csv.gz": """\
t,i,j,k,v,q
2024,1,3,10101,10,  10.0
2024,2,3,10102,20,  20.0
2024,2,3,10101,7,NA
2024,9,3,10101,10,10
2024,4,3,10101,10,10
2024,1,3,20202,40,10
2024,1,3,30303,1,100
2024,1,4,10101,5,5
""",
    "wgi_pv_normalized_geopolrisk.csv": """\
Country/Territory,2024,country_code
Northland,0.2,1
Southland,0.6,2
Southland again,0.9,2
Germany,0.3,4
""",
    "wgi.csv": """\
code,year,indicator,estimate
AUS,2023,pv,1.5
CHN,2022,pv,-0.5
CHN,2023,pv,..
DEU,2023,pv,0.5
DEU,2023,cc,2.0
""",
    "baci_country_codes_V202401b.csv": """\
country_code,country_iso3
1,AUS
2,CHN
3,NLD
4,DEU
9,S19
""",
}


def write_raw_files(folder: Path, **replaced: str | None) -> Path:
    """Write ``FILES`` to a folder; ``replaced``: other content by file name, None leaves the file out."""
    for name, content in FILES.items():
        text = replaced.get(name, content)
        if text is None:
            continue
        data = text.encode()
        (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return folder
