{
  "targets": [{ "target_name": "palabra", "type": "none" }]
}
