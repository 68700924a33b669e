"""The case desk: assisted handling (代帮办) and home visits (上门办)."""
