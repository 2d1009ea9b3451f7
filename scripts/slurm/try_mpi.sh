#!/bin/bash
# Runs what docs/clusters.md says of Slurm, on a Slurm of one node:
#
#   deno run -A scripts/slurm/one_node.ts --cpus 4 bash scripts/slurm/try_mpi.sh
#
# The job script is the page's; its four nodes become the one that there is.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=$(mktemp -d)
trap 'cat "$folder"/*.log; rm -rf "$folder"' EXIT
sed -n '/^```bash$/,/^```$/p' docs/clusters.md | sed '1d;$d' |
  sed "s|--nodes=4|--nodes=1|; s|--cpus-per-task=16|--cpus-per-task=1|; s|clic-%j.log|$folder/%j.log|" \
    >"$folder/train.sh"
export MILLISECONDS_A_PICTURE=20 NO_COLOR=1
recipe=(tests/fixtures/tiny_run.ts --device cpu)

# A whole run, and one that is stopped by its signal and goes on with one process, then with MPICH's two.
sbatch --wait "$folder/train.sh" "${recipe[@]}" --runs "$folder/whole"
job=$(sbatch --parsable "$folder/train.sh" "${recipe[@]}" --runs "$folder/parts")
until [ -s "$(echo "$folder"/parts/*/metrics.jsonl)" ]; do sleep 0.1; done
scancel --signal=INT "$job"
while squeue --noheader --job="$job" | grep -q .; do sleep 0.5; done
run=$(echo "$folder"/parts/*)
test ! -e "$run/completed.json"
sed -i 's/--mpi=pmix/--mpi=pmi2/' "$folder/train.sh"
sbatch --wait "$folder/train.sh" --resume "$run" --device cpu
test -e "$run/completed.json"
losses() {
  sed -E 's/.*"loss":([0-9.e-]+).*/\1/' "$1"/metrics.jsonl
}
paste <(losses "$folder"/whole/*) <(losses "$run") |
  awk '{ d = $1 - $2; if (d < 0) d = -d; if (d > most) most = d }
       BEGIN { most = 0 }
       END { print NR " steps, the losses differ by up to " most; exit most > 1e-5 }'

# A task that is killed ends the job, with its name.
job=$(sbatch --parsable "$folder/train.sh" "${recipe[@]}" --runs "$folder/killed")
until [ -s "$(echo "$folder"/killed/*/metrics.jsonl)" ]; do sleep 0.1; done
kill -KILL "$(pgrep -f "main.ts recipe .*$folder/killed" | tail -n 1)"
while squeue --noheader --job="$job" | grep -q .; do sleep 0.5; done
grep "died, and the job ends with it" "$folder/$job.log"
grep -- "--resume $folder/killed/.* goes on from its last checkpoint" "$folder/$job.log"
