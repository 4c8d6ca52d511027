#!/bin/sh
# rds: a handler of Deployment Orchestrator that is a shell script. It uses kubectl and the protocol of docs/guides/write-a-handler.md, and nothing of dorch.
#
#   ./rds.sh NAMESPACE FOLDER
#
# A folder stands for AWS: it has a folder for each database, with its identifier, its endpoint and the second of its creation. A database is available after
# RDS_DELAY seconds. Each round reads everything again, so the script may be killed anywhere and started again.
set -u
namespace=$1 databases=$2
group=deployment-orchestrator.io
claim=rds.$group/lifecycle
path=/apis/$group/v1alpha1/namespaces/$namespace/components

names() { kubectl get components -n "$namespace" -o jsonpath='{range .items[*]}{.metadata.name}{"\n"}{end}'; }

# One Component as one line. What a user may write freely comes last, and only its first line counts.
look() {
  kubectl get component "$1" -n "$namespace" -o jsonpath='{.metadata.name}|{.metadata.uid}|{.metadata.resourceVersion}|{.metadata.generation}|{.metadata.deletionTimestamp}|{.metadata.finalizers[*]}|{.spec.handler}|{.spec.deploymentTimeout}|{.status.observedGeneration}|{.status.phase}|{.status.conditions[?(@.type=="Ready")].status}|{.status.conditions[?(@.type=="Ready")].lastTransitionTime}|{.status.providerStatus.endpoint}|{.status.message}|{.metadata.annotations.deployment-orchestrator\.io/paused}|{.spec.config.identifier}{"\n"}'
}

# finalizers NAME...: writes them, with the version that was read: if the object changed in between, this is refused, and the next round reads it again.
finalizers() {
  list=${*:+$(printf '"%s",' "$@")}
  kubectl patch component "$name" -n "$namespace" --type=merge -p "{\"metadata\":{\"resourceVersion\":\"$version\",\"finalizers\":[${list%,}]}}"
}

# status PHASE READY REASON MESSAGE ENDPOINT: writes the status subresource, and only where it differs.
status() {
  [ "$observed|$phase|$message|$output" = "$generation|$1|$4|$5" ] && return
  [ "$ready" = "$2" ] || since=$(date -u +%Y-%m-%dT%H:%M:%SZ)
  kubectl replace --raw "$path/$name/status" -f - >/dev/null <<JSON && echo "$name $1 $4"
{"apiVersion":"$group/v1alpha1","kind":"Component","metadata":{"name":"$name","namespace":"$namespace","resourceVersion":"$version"},
 "status":{"phase":"$1","message":"$4","observedGeneration":$generation,"providerStatus":{"endpoint":"$5","port":5432},"conditions":[
  {"type":"Ready","status":"$2","reason":"$3","message":"$4","lastTransitionTime":"$since","observedGeneration":$generation}]}}
JSON
}

# aws FILE TEXT: writes a file of the database, whole or not at all.
aws() { mkdir -p "$databases/$uid" && echo "$2" >"$databases/$uid/.$1" && mv "$databases/$uid/.$1" "$databases/$uid/$1"; }

reconcile() {
  database=$databases/$uid
  [ "$paused" = true ] && return
  case " $held" in
    *" $claim"*) ;;                                   # ours
    *"$group/lifecycle"*) return ;;                   # another handler's
    *) # Nobody's: claimed before anything is made, so that nothing can be made and then forgotten.
      [ "$handler" = rds ] && [ -z "$deleted" ] && finalizers $held "$claim"
      return ;;
  esac

  if [ -n "$deleted" ]; then
    case $held in *"composition.$group/coordination"*) return ;; esac   # what depends on it goes first
    rm -rf "$database"
    finalizers $(printf '%s\n' $held | grep -Fvx "$claim")
    return
  fi

  [ "$handler" = rds ] || { status Failed False InvalidConfig "spec.handler does not change in place: it was rds" "$output"; return; }
  case $identifier in
    '' | *[!a-z0-9-]*) status Failed False InvalidConfig "spec.config.identifier: must have letters a-z, digits and hyphens" "$output"; return ;;
  esac

  [ -e "$database/created" ] || aws created "$(date +%s)"
  [ "$(cat "$database/identifier" 2>/dev/null)" = "$identifier" ] || { aws endpoint "$identifier.rds.example.com"; aws identifier "$identifier"; }

  age=$(($(date +%s) - $(cat "$database/created")))
  if [ "$age" -ge "${RDS_DELAY:-5}" ]; then
    status Ready True Ready "the database is available" "$(cat "$database/endpoint")"
  elif [ "$age" -ge "$(seconds "$timeout")" ]; then
    status Failed False TimedOut "not ready after $timeout: the database is being created" "$output"
  else
    status Deploying False InProgress "the database is being created" "$output"
  fi
}

# seconds DURATION: such as 1h30m, in seconds.
seconds() { echo "$(($(echo "$1" | sed 's/h/*3600+/; s/m/*60+/; s/s/+/; s/$/0/')))"; }

while :; do
  for component in $(names); do
    look "$component" | {
      IFS='|' read -r name uid version generation deleted held handler timeout observed phase ready since output message paused identifier && reconcile
    }
  done
  sleep 1
done
