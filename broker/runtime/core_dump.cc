#include "broker/runtime/core_dump.h"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace switchboard {

void forbid_core_dumps() {
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
}

}  // namespace switchboard
