// One way out of an MPI program: whatever is thrown, on whatever rank, ends the whole job with one message
// and the error's exit code, and no rank is left waiting.
#pragma once

#include <functional>

namespace weiss {

// Starts MPI, runs body on every rank, ends MPI; returns the exit code. When every rank throws the same error
// (a bad deck), rank 0 alone prints it and all end in order; when one throws alone, it prints and the job is
// aborted with its code.
int run_guarded(int argc, char** argv, const std::function<int()>& body);

}  // namespace weiss
