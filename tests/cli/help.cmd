# Not the list of commands, which grows.
reqpath --help | grep -E '^Usage|^  keys|--version'
reqpath help keys
