#!/bin/sh
# Measures a step of training by four processes on two hosts, which are network namespaces of this
# machine with a cable of 1 Gbit/s between them:
#
#   sudo sh scripts/measure_network.sh [batch, default 16]
#
# Needs root, iproute2 and Open MPI; two namespaces are made and removed. Prints for each process the
# seconds of a step and those of its sums and shares.
set -eu
batch=${1:-16}
deno=${DENO:-deno}
folder=$(mktemp -d)
cd "$(dirname "$0")/.."
trap 'ip netns del syntagma1; ip netns del syntagma2; rm -rf "$folder"' EXIT
trap 'exit 1' INT TERM
ip netns add syntagma1
ip netns add syntagma2
ip link add cable1 netns syntagma1 type veth peer name cable2 netns syntagma2
for host in 1 2; do
  ip -n "syntagma$host" addr add "10.77.0.$host/24" dev "cable$host"
  ip -n "syntagma$host" link set "cable$host" up
  ip -n "syntagma$host" link set lo up
  ip netns exec "syntagma$host" tc qdisc add dev "cable$host" root tbf \
    rate 1gbit burst 512kb latency 100ms
done
# Stands in for ssh: the first word is the host, the rest what is run there.
cat > "$folder/agent" <<'AGENT'
#!/bin/sh
shift
exec ip netns exec syntagma2 unshare --uts sh -c "hostname syntagma2; $*"
AGENT
chmod +x "$folder/agent"
ip netns exec syntagma1 mpirun.openmpi --allow-run-as-root --oversubscribe --bind-to none \
  --host 10.77.0.1:2,10.77.0.2:2 -np 4 --mca plm_rsh_agent "$folder/agent" \
  --mca btl_tcp_if_include 10.77.0.0/24 --mca oob_tcp_if_include 10.77.0.0/24 \
  "$deno" run -A scripts/processes/step.ts --batch "$batch" --chunk 4 --steps 1
