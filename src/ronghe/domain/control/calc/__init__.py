"""项目管控: pure arithmetic of acceptance, clocks, tables and counters."""
