"""CloudFormation templates: expressions worked out as far as the text alone tells, the rest kept open."""
