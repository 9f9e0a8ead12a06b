# The sample of counts that is part of the project.
. tests/cli/oracle.sh
check_oracle tests/data/oracle
