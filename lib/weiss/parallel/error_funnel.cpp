#include "weiss/parallel/error_funnel.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <string>
#include <thread>

#include <mpi.h>

#include "weiss/base/error.hpp"

namespace weiss {

namespace {

// How long a failing rank waits for the others to fail in the same way before it ends the job.
constexpr auto patience = std::chrono::milliseconds(1500);

struct Outcome {
  int code = 0;
  std::string message;
};

Outcome outcome_of(const std::function<int()>& body) {
  try {
    return {body(), ""};
  } catch (const Error& error) {
    return {static_cast<int>(error.code()), error.what()};
  } catch (const std::filesystem::filesystem_error& error) {
    return {static_cast<int>(ExitCode::io_failure), error.what()};
  } catch (const std::bad_alloc&) {
    return {static_cast<int>(ExitCode::internal),
            "out of memory; use more nodes, fewer ranks a node, or a smaller lattice (see --plan)"};
  } catch (const std::exception& error) {
    return {static_cast<int>(ExitCode::internal), std::string("internal error: ") + error.what()};
  }
}

void print(const std::string& message, int rank, int size) {
  if (rank == 0 || size == 1)
    std::fprintf(stderr, "weiss: error: %s\n", message.c_str());
  else
    std::fprintf(stderr, "weiss: error on rank %d: %s\n", rank, message.c_str());
  std::fflush(stderr);
}

// True once every rank has reached this point; false when some have not after a while.
bool all_arrive(MPI_Comm communicator) {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(communicator, &request);
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (int done = 0; std::chrono::steady_clock::now() < deadline;) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done != 0) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

}  // namespace

int run_guarded(int argc, char** argv, const std::function<int()>& body) {
  // Halo faces of a few KiB travel at once: Open MPI's limit of 4 KiB in shared memory makes them wait for
  // the receiver, which costs 5 to 10 % at L = 4096 on two ranks. A setting of the user stays.
  setenv("OMPI_MCA_btl_vader_eager_limit", "65536", 0);
  MPI_Init(&argc, &argv);
  int rank = 0;
  int size = 1;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  MPI_Comm funnel = MPI_COMM_NULL;
  MPI_Comm_dup(MPI_COMM_WORLD, &funnel);
  const Outcome outcome = outcome_of(body);
  const bool failed = !outcome.message.empty();
  if (failed && !all_arrive(funnel)) {
    print(outcome.message, rank, size);
    MPI_Abort(MPI_COMM_WORLD, outcome.code);
    std::_Exit(outcome.code);
  }
  if (!failed) {
    MPI_Request request = MPI_REQUEST_NULL;
    MPI_Ibarrier(funnel, &request);
    MPI_Wait(&request, MPI_STATUS_IGNORE);
  }
  // All ranks are here: the first that failed speaks, and its code is the job's.
  const int mine = failed ? rank : size;
  int speaker = size;
  MPI_Allreduce(&mine, &speaker, 1, MPI_INT, MPI_MIN, funnel);
  int code = outcome.code;
  if (speaker < size) {
    MPI_Bcast(&code, 1, MPI_INT, speaker, funnel);
    if (rank == speaker) print(outcome.message, rank, size);
  }
  MPI_Comm_free(&funnel);
  MPI_Finalize();
  return code;
}

}  // namespace weiss
