#include "calibrate/abreport.h"
