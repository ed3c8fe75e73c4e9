#!/usr/bin/env bash
# One job of a run. Submit from the folder of the deck; the same line again goes on where it stopped:
#   sbatch single.sh weiss-ising deck.ini [--section.key=value ...]
# The scheduler signals this script five minutes ahead of the limit; the signal is handed on to mpirun, which gives it
# to every rank: the run saves and ends with exit code 5. WEISS_LAUNCHER="srun" starts it otherwise.
#SBATCH --job-name=weiss
#SBATCH --nodes=1
#SBATCH --ntasks-per-node=64
#SBATCH --cpus-per-task=1
#SBATCH --time=24:00:00
#SBATCH --signal=B:USR1@300
#SBATCH --output=%x.%j.log
#SBATCH --open-mode=append
set -u

[ $# -gt 0 ] || { echo "usage: sbatch single.sh PROGRAM DECK [--section.key=value ...]" >&2; exit 2; }
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

[ "$status" -ne 5 ] || echo "stopped early; submit the same line again to go on"
exit "$status"
