// Named points at which tests break a run: WEISS_FAULT="atomic.before_rename:3" ends the process, as a kill
// would, when the point is reached for the third time.
#pragma once

namespace weiss {

void fault_point(const char* name);

}  // namespace weiss
