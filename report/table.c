#include "report/table.h"
