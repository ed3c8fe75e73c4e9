#!/usr/bin/env bash
# A run as long as it takes: as single.sh, but a job that stopped early (exit code 5) queues itself again.
#   sbatch requeue.sh weiss-ising deck.ini [--section.key=value ...]
# scancel ends it for good; the last checkpoint stays. After WEISS_MOST_REQUEUES (100) turns it gives up.
#SBATCH --job-name=weiss
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --time=24:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --output=%x.%j.log
#SBATCH --open-mode=append
#SBATCH --requeue
set -u

[ $# -gt 0 ] || { echo "usage: sbatch requeue.sh PROGRAM DECK [--section.key=value ...]" >&2; exit 2; }
read -r -a launcher <<<"${WEISS_LAUNCHER:-mpirun}"
export OPENBLAS_NUM_THREADS=1

signalled=no
child=
forward() {
  signalled=yes
  [ -z "$child" ] || kill -USR1 "$child" 2>/dev/null
}
trap forward USR1

"${launcher[@]}" "$@" &
child=$!
# A signal ends `wait` before the program does: wait again for its own exit code.
while true; do
  signalled=no
  wait "$child"
  status=$?
  [ "$signalled" = yes ] || break
done

if [ "$status" -eq 5 ]; then
  if [ "${SLURM_RESTART_COUNT:-0}" -ge "${WEISS_MOST_REQUEUES:-100}" ]; then
    echo "stopped early, and not queued again after ${SLURM_RESTART_COUNT} turns" >&2
  else
    echo "stopped early; queueing job $SLURM_JOB_ID again"
    scontrol requeue "$SLURM_JOB_ID" && exit 0
    echo "cannot queue the job again; submit the same line to go on" >&2
  fi
fi
exit "$status"
