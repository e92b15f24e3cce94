"""GeoPolRisk: concentration of world production times the political risk of what a country or region imports."""
