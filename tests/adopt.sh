#!/usr/bin/env bash
# Adopts Hardening.Sdk in a copy of any .NET repository and proves there what the README says: it still builds, and drift is refused.
#
#   tests/adopt.sh FOLDER [--entry PATH] [--rounds N] [--keep] [--feed FOLDER --sdk-version VERSION]
#
#   --entry PATH     what is built: a solution, solution filter or project, relative to FOLDER (default: the only one at its root)
#   --rounds N       incremental builds that are measured, in turn without and with the SDK (default 3); 0 measures nothing
#   --keep           leaves the copies and the logs, and says where they are
#   --feed, --sdk-version   a packed Hardening.Sdk; without them this repository is packed
#
# FOLDER is only read. Needs bash (3.2 or newer), git, tar and the .NET SDK. Exit code: 0 all held; 1 something did not; 2 wrong usage;
# 3 the repository does not build before.
set -euo pipefail
export LC_ALL=C

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder='' entry='' rounds=3 keep=false feed='' sdk=''

usage() {
  echo "$1" >&2
  sed -n '4s/^# *//p' "${BASH_SOURCE[0]}" >&2
  exit 2
}

while [ $# -gt 0 ]; do
  case $1 in
    --keep) keep=true ;;
    --entry | --rounds | --feed | --sdk-version)
      [ $# -gt 1 ] || usage "$1 needs a value."
      case $1 in
        --entry) entry=$2 ;;
        --rounds) rounds=$2 ;;
        --feed) feed=$2 ;;
        --sdk-version) sdk=$2 ;;
      esac
      shift
      ;;
    -*) usage "Unknown option $1." ;;
    *)
      [ -z "$folder" ] || usage "One folder, not also $1."
      folder=$1
      ;;
  esac
  shift
done
[ -n "$folder" ] || usage "Which folder?"
[ -d "$folder" ] || usage "$folder is not a folder."
[[ $rounds =~ ^[1-9]?[0-9]$ ]] || usage "--rounds takes 0 to 99, not $rounds."
[ -z "$feed$sdk" ] || { [ -n "$feed" ] && [ -n "$sdk" ]; } || usage "--feed and --sdk-version go together."
folder=$(cd "$folder" && pwd)
name=$(basename "$folder")

work=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/hrd-adopt-XXXXXX")" && pwd -P)
# Git for Windows: a path that dotnet reads too, inside of files as well.
if command -v cygpath > /dev/null; then work=$(cygpath -m "$work"); fi
before="$work/before/$name" after="$work/after/$name" logs="$work/logs"
mkdir -p "$before" "$after" "$logs" "$work/home" "$work/packages-before"
finish() { if $keep; then echo "Kept: $work"; else rm -rf "$work"; fi; }
trap finish EXIT

# A desk, not a build server; a packages folder and a memory of its own, but downloads that this user already has.
unset CI TF_BUILD MSBuildSDKsPath MSBuildExtensionsPath MSBuildLoadMicrosoftTargetsReadOnly
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
if [ -z "${NUGET_HTTP_CACHE_PATH:-}" ]; then
  NUGET_HTTP_CACHE_PATH=$(dotnet nuget locals http-cache --list | sed -n 's/^http-cache: //p')
  export NUGET_HTTP_CACHE_PATH
fi
export XDG_DATA_HOME="$work/home"

# Without node reuse each compilation would start a compiler of its own, on both sides.
export UseSharedCompilation=true

# ---- text: whole files in a variable, so that marks, line ends and comments stay as they are

text=''
load() { text='' && if [ -f "$1" ]; then IFS= read -r -d '' text < "$1" || true; fi; }
save() { printf '%s' "$text" > "$1"; }
line_end() { case $text in *$'\r\n'*) printf '\r\n.' ;; *) printf '\n.' ;; esac; }

# place NEEDLE: the offset in $text where it first stands outside of XML comments, in $at; fails if nowhere.
at=0
place() {
  local rest=$text skipped=0 head
  while :; do
    head=${rest%%"$1"*}
    [ "${#head}" -lt "${#rest}" ] || return 1
    case $head in
      *'<!--'*)
        head=${rest%%'<!--'*}
        skipped=$((skipped + ${#head}))
        rest=${rest:${#head}}
        head=${rest%%'-->'*}
        [ "${#head}" -lt "${#rest}" ] || return 1
        skipped=$((skipped + ${#head} + 3))
        rest=${rest:$((${#head} + 3))}
        ;;
      *)
        at=$((skipped + ${#head}))
        return 0
        ;;
    esac
  done
}

insert() { text=${text:0:$1}$2${text:$1}; }

# element_start NAME: opens an empty element if need be, and leaves the offset behind its start tag in $at.
element_start() {
  local tag quote='' i c
  place "<$1" || return 1
  for ((i = at; i < ${#text}; i++)); do
    c=${text:$i:1}
    if [ -n "$quote" ]; then
      [ "$c" != "$quote" ] || quote=''
      continue
    fi
    case $c in
      '"' | "'") quote=$c ;;
      '>')
        if [ "${text:$((i - 1)):1}" = / ]; then
          tag=${text:$at:$((i - 1 - at))}
          text=${text:0:$at}$tag'></'$1'>'${text:$((i + 1))}
          i=$((at + ${#tag}))
        fi
        at=$((i + 1))
        return 0
        ;;
    esac
  done
  return 1
}

# ---- the three files of an adoption

add_sdk_line() {
  local file="$after/Directory.Build.props" nl
  load "$file"
  if [ -z "$text" ]; then
    text=$'<Project>\n  <Sdk Name="Hardening.Sdk" />\n</Project>\n'
  else
    nl=$(line_end)
    element_start Project || { echo "$name: Directory.Build.props has no Project element."; return 1; }
    insert "$at" "${nl%.}  <Sdk Name=\"Hardening.Sdk\" />"
  fi
  save "$file"
}

# One member, found by reading JSON with comments: in msbuild-sdks where the file has it at its top, else before the first member.
add_version() {
  local file="$after/global.json" i c depth=0 string='' in_string=false top=-1 sdks=-1 seen=false next
  load "$file"
  if [ -z "$text" ]; then
    text="{ \"msbuild-sdks\": { \"Hardening.Sdk\": \"$sdk\" } }"$'\n'
    save "$file"
    return
  fi
  for ((i = 0; i < ${#text}; i++)); do
    c=${text:$i:1}
    if $in_string; then
      case $c in
        '\') i=$((i + 1)) ;;
        '"') in_string=false ;;
        *) string=$string$c ;;
      esac
      continue
    fi
    case $c in
      '"') in_string=true string='' ;;
      /)
        case ${text:$((i + 1)):1} in
          /) while [ $i -lt ${#text} ] && [ "${text:$i:1}" != $'\n' ]; do i=$((i + 1)); done ;;
          '*') while [ $i -lt ${#text} ] && [ "${text:$i:2}" != '*/' ]; do i=$((i + 1)); done && i=$((i + 1)) ;;
        esac
        ;;
      '{')
        depth=$((depth + 1))
        if [ $depth -eq 1 ]; then top=$((i + 1)); elif [ $depth -eq 2 ] && $seen; then sdks=$((i + 1)); fi
        seen=false
        ;;
      '}' | ']') depth=$((depth - 1)) ;;
      '[') depth=$((depth + 1)) ;;
      :) if [ $depth -eq 1 ] && [ "$string" = msbuild-sdks ]; then seen=true; fi ;;
    esac
  done
  [ $top -ge 0 ] || { echo "$name: global.json has no object."; return 1; }
  at=$top
  [ $sdks -lt 0 ] || at=$sdks
  next=${text:$at}
  next=${next#"${next%%[![:space:]]*}"}
  local comma=,
  [ "${next:0:1}" != '}' ] || comma=''
  if [ $sdks -ge 0 ]; then
    insert "$at" " \"Hardening.Sdk\": \"$sdk\"$comma"
  else
    insert "$at" " \"msbuild-sdks\": { \"Hardening.Sdk\": \"$sdk\" }$comma"
  fi
  save "$file"
}

sources_file() {
  local candidate
  for candidate in nuget.config NuGet.config NuGet.Config; do
    if [ -f "$1/$candidate" ]; then
      printf '%s' "$1/$candidate"
      return
    fi
  done
}

# A repository without nuget.config keeps none: the source of the packed SDK stands for one more of the machine's.
add_source() {
  local file source="<add key=\"hardening-adoption\" value=\"$feed\" />"
  file=$(sources_file "$after")
  if [ -z "$file" ]; then
    # The machine has sources already; each package is to come from one of them, and the SDK from here.
    local mapping name
    mapping=$(dotnet nuget list source | sed -n 's/^ *[0-9]*\. *\(.*\) \[Enabled\] *$/\1/p' | while IFS= read -r name; do printf '<packageSource key="%s"><package pattern="*" /></packageSource>' "$name"; done)
    mkdir -p "$work/machine/NuGet/Config"
    printf '<configuration><packageSources>%s</packageSources><packageSourceMapping>%s<packageSource key="hardening-adoption"><package pattern="Hardening.Sdk" /></packageSource></packageSourceMapping></configuration>\n' "$source" "$mapping" > "$work/machine/NuGet/Config/hardening.config"
    export NUGET_COMMON_APPLICATION_DATA="$work/machine"
    return
  fi
  load "$file"
  if element_start packageSources; then
    place '</packageSources>' && insert "$at" "  $source"
  else
    place '</configuration>' || { element_start configuration && place '</configuration>'; }
    insert "$at" "<packageSources>$source</packageSources>"
  fi
  if element_start packageSourceMapping; then
    place '</packageSourceMapping>' && insert "$at" '  <packageSource key="hardening-adoption"><package pattern="Hardening.Sdk" /></packageSource>'
  fi
  save "$file"
}

# ---- what the refusals of a first update ask for

mended=''

# HRD0013: each named file is excluded, with a reason; of a Directory.Build.props everything below its folder.
exclude_named() {
  local line path added=1
  while IFS= read -r line; do
    path=${line%%: error HRD0013:*}
    path=${path%%: warning HRD0013:*}
    path=$(printf '%s' "$path" | sed -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//' -e 's/([0-9,]*)$//')
    path=${path#"$after"/}
    case $path in
      '' | MSBUILD | MSBuild | /* | ../*) continue ;;
      Directory.Build.props) continue ;;
      */Directory.Build.props) path="${path%/*}/**" ;;
    esac
    if ! grep -qF -- "- path: '${path//\'/\'\'}'" "$after/hardening.yml" 2> /dev/null; then
      [ -f "$after/hardening.yml" ] || printf 'exclude:\n' > "$after/hardening.yml"
      printf "  - path: '%s'\n    reason: not hardened when Hardening.Sdk was adopted\n" "${path//\'/\'\'}" >> "$after/hardening.yml"
      mended="$mended HRD0013:$path"
      added=0
    fi
  done < <(grep -E ': (error|warning) HRD0013:' "$1" | sort -u)
  return $added
}

# HRD1010: what its page says.
clear_sources() {
  local file nl
  grep -q 'error HRD1010:' "$1" || return 1
  file=$(sources_file "$after")
  [ -n "$file" ] || return 1
  load "$file"
  element_start packageSources || return 1
  nl=$(line_end)
  local public=''
  place 'api.nuget.org' || public="${nl%.}    <add key=\"nuget.org\" value=\"https://api.nuget.org/v3/index.json\" />"
  element_start packageSources
  insert "$at" "${nl%.}    <clear />$public"
  save "$file"
  mended="$mended HRD1010"
}

# HRD1023: the SDK from its source, everything else from the others.
map_sources() {
  local file key mapping='' rest
  grep -q 'error HRD1023:' "$1" || return 1
  file=$(sources_file "$after")
  [ -n "$file" ] || return 1
  load "$file"
  ! place '<packageSourceMapping' || return 1
  place '</packageSources>'
  rest=${text:0:$at}
  while IFS= read -r key; do
    [ "$key" = hardening-adoption ] || mapping="$mapping<packageSource key=\"$key\"><package pattern=\"*\" /></packageSource>"
  done < <(printf '%s' "$rest" | grep -oE '<add key="[^"]*"' | sed -e 's/^<add key="//' -e 's/"$//')
  place '</configuration>'
  insert "$at" "<packageSourceMapping>$mapping<packageSource key=\"hardening-adoption\"><package pattern=\"Hardening.Sdk\" /></packageSource></packageSourceMapping>"
  save "$file"
  mended="$mended HRD1023"
}

# MSB4057: a project of the solution that is not hardened has no target of that name; a restore asks for none.
solution_update=true
by_restore() {
  $solution_update && grep -q 'error MSB4057:.*"HardeningUpdate"' "$1" || return 1
  solution_update=false
  mended="$mended MSB4057 (dotnet restore -p:HardeningUpdate=true)"
}

# ---- running and telling

failures=0 elapsed=0 status=0

# run LOG FOLDER ARGUMENT...: a dotnet command there; its seconds in $elapsed, its exit code in $status.
run() {
  local log="$logs/$1.log" where=$2 timing
  shift 2
  local TIMEFORMAT=%R
  status=0
  { timing=$( { time (cd "$where" && dotnet "$@" < /dev/null > "$log" 2>&1); } 2>&1) || status=$?; }
  elapsed=${timing##*$'\n'}
}

rows=''
row() { rows="$rows$(printf '%-44s %s' "$1" "$2")"$'\n'; }

verdict() {
  if [ "$2" = 0 ]; then
    row "$1" held
  else
    failures=$((failures + 1))
    row "$1" "DID NOT HOLD${3:+ ($3)}"
  fi
}

errors() { { grep -E '(^|[: ])error [A-Z]+[0-9]+' "$1" || true; } | sed -e "s|$work/||g" -e 's/ \[[^]]*\]$//' | sort -u | head -n 5; }
codes() { { grep -oE '(error|warning) (HRD|NU|MSB)[0-9]+' "$1" || true; } | sort | uniq -c | awk '{ printf "%s%s %s x%s", sep, $2, $3, $1; sep = ", " }'; }
median() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
# Of a solution filter MSBuild hands the projects only the solution.
update() {
  local filter=''
  case $entry in *.slnf) filter="-p:SolutionPath=$after/$entry" ;; esac
  if $solution_update; then
    run "$1" "$after" msbuild "$entry" -t:HardeningUpdate -nologo -v:m -nr:false ${filter:+"$filter"}
  else
    run "$1" "$after" restore "$entry" -p:HardeningUpdate=true -nologo -v:m -nr:false ${filter:+"$filter"}
  fi
}
build() { run "$1" "$2" build "$entry" -nologo -v:m -nr:false; }
refuses() {
  local log="$logs/$1.log"
  if [ "$status" -ne 0 ] && grep -q "error $2" "$log"; then
    verdict "$3" 0
  else
    verdict "$3" 1 "exit code $status, $(codes "$log")"
  fi
}

copy() {
  if git -C "$folder" rev-parse --is-inside-work-tree > /dev/null 2>&1; then
    (cd "$folder" && git ls-files -coz --exclude-standard --deduplicate | while IFS= read -r -d '' f; do [ ! -e "$f" ] || printf '%s\0' "$f"; done | tar -cf - --null -T -) | tar -xf - -C "$1"
  else
    (cd "$folder" && tar -cf - --exclude=.git --exclude=bin --exclude=obj --exclude=.vs .) | tar -xf - -C "$1"
  fi
  git -C "$1" init -q
  commit "$1" before
}

# The bytes as they are, whatever .gitattributes and this user's configuration say.
commit() {
  git -C "$1" -c core.autocrlf=false -c core.safecrlf=false -c core.excludesFile= add -A
  git -C "$1" -c user.name=adopt -c user.email=adopt@example.invalid -c commit.gpgSign=false -c core.hooksPath=/dev/null -c core.autocrlf=false commit -q --no-verify --allow-empty -m "$2"
}

choose_entry() {
  local pattern found
  for pattern in '*.slnx' '*.sln' '*.slnf' 'dirs.proj' '*.csproj' '*.fsproj' '*.vbproj'; do
    found=$(cd "$before" && find . -maxdepth 1 -type f -name "$pattern" | sed 's|^\./||' | sort)
    if [ -n "$found" ]; then
      [ "$(printf '%s\n' "$found" | wc -l)" -eq 1 ] || usage "$name has more than one $pattern at its root; name one with --entry."
      entry=$found
      return
    fi
  done
  usage "$name has no solution or project at its root; name one with --entry."
}

lockfile="$after/hardening.lock.json"
section() { awk -v start="    \"$1\": {" '$0 == start { on = 1; next } on && /^    }/ { exit } on && /^      "/ { sub(/^      "/, ""); sub(/": \{(\},?)?$/, ""); print }' "$lockfile"; }

copy "$before"
[ -n "$entry" ] || choose_entry
[ -e "$before/$entry" ] || usage "$name has no $entry."

if [ -z "$feed" ]; then
  feed="$work/feed" sdk="1.0.0-adopt.$(date -u +%Y%m%d%H%M%S)"
  dotnet pack "$here/src/Sdk/Hardening.Sdk.csproj" -c Release -nologo -v:q -nr:false -o "$feed" "-p:PackageVersion=$sdk" > "$logs/pack.log" 2>&1 || {
    cat "$logs/pack.log"
    exit 1
  }
fi

echo "$name: builds before?"
export NUGET_PACKAGES="$work/packages-before"
run 01-restore "$before" restore "$entry" -nologo -v:m -nr:false
[ "$status" -ne 0 ] || build 02-before-clean "$before"
if [ "$status" -ne 0 ]; then
  echo "$name does not build before:"
  errors "$logs/01-restore.log"
  [ ! -f "$logs/02-before-clean.log" ] || errors "$logs/02-before-clean.log"
  exit 3
fi
clean_before=$elapsed

echo "$name: adopting"
copy "$after"
export NUGET_PACKAGES="$work/packages-after"
cp -R "$work/packages-before" "$NUGET_PACKAGES"
add_sdk_line
add_version
add_source
for attempt in 1 2 3 4; do
  update "03-update-$attempt"
  [ "$status" -ne 0 ] || break
  log="$logs/03-update-$attempt.log"
  exclude_named "$log" || clear_sources "$log" || map_sources "$log" || by_restore "$log" || break
done
update=$elapsed update_log="$logs/03-update-$attempt.log"
if [ "$status" -ne 0 ]; then
  echo "$name: the update fails:"
  errors "$update_log"
  exit 1
fi

build 04-after-clean "$after"
if [ "$status" -ne 0 ] && exclude_named "$logs/04-after-clean.log"; then
  update 03-update-5
  build 04-after-clean "$after"
fi
if [ "$status" -ne 0 ]; then
  echo "$name: the build fails after the adoption:"
  errors "$logs/04-after-clean.log"
  exit 1
fi
clean_after=$elapsed
commit "$after" adopted

row "entry" "$entry"
row "projects in the lockfile" "$(section projects | grep -c . || true)"
row "packages in the lockfile" "$(section packages | grep -c . || true)"
row "size of the lockfile" "$(wc -c < "$lockfile" | tr -d ' ') bytes"
row "update" "$update s"
row "said by the update" "$(codes "$update_log")"
row "asked for by refusals, and done" "${mended# }"
verdict "builds after, clean" 0
row "clean build before / after" "$clean_before s / $clean_after s"

if [ "$rounds" -gt 0 ]; then
  # A warm-up of both, then in turn, so that a drifting machine touches both alike.
  times_before='' times_after='' quiet=0
  for ((round = 0; round <= rounds; round++)); do
    NUGET_PACKAGES="$work/packages-before" build 06-before-incremental "$before"
    one=$elapsed
    [ "$status" -eq 0 ] || quiet=1
    build 07-after-incremental "$after"
    [ "$status" -eq 0 ] || quiet=1
    if [ $round -gt 0 ]; then
      times_before="$times_before $one"
      times_after="$times_after $elapsed"
    fi
  done
  # shellcheck disable=SC2086 # lists of numbers
  median_before=$(median $times_before) median_after=$(median $times_after)
  row "incremental build before / after" "$median_before s / $median_after s (median of $rounds)"
  row "overhead of an incremental build" "$(awk -v b="$median_before" -v a="$median_after" 'BEGIN { printf "%.0f ms, %.1f %%", (a - b) * 1000, (a / b - 1) * 100 }')"
else
  build 07-after-incremental "$after"
  quiet=$status
fi
verdict "builds after, incremental" $quiet "$(codes "$logs/07-after-incremental.log")"
said=0
! grep -q 'HRD[0-9]' "$logs/07-after-incremental.log" || said=1
verdict "says nothing where nothing changed" $said "$(codes "$logs/07-after-incremental.log")"

# A restored package whose code or targets a build would use.
victim='' victim_file=''
while IFS= read -r key; do
  [ -d "$NUGET_PACKAGES/$key" ] || continue
  victim_file=$(find "$NUGET_PACKAGES/$key" -type f \( -name '*.dll' -o -name '*.targets' -o -name '*.props' \) | sort | head -n 1)
  if [ -n "$victim_file" ]; then
    victim=$key
    break
  fi
done < <(section packages)

if [ -n "$victim" ]; then
  size=$(wc -c < "$victim_file" | tr -d ' ')
  cp -p "$victim_file" "$work/untouched"
  byte=$(tail -c 1 "$victim_file" | od -An -tu1 | tr -d ' ')
  # shellcheck disable=SC2059 # an octal escape
  printf "\\$(printf %o $((byte ^ 1)))" | dd of="$victim_file" bs=1 seek=$((size - 1)) conv=notrunc 2> /dev/null
  build 08-changed "$after"
  refuses 08-changed HRD1003 "refuses a changed byte ($victim)"
  cp -p "$work/untouched" "$victim_file"

  planted="$NUGET_PACKAGES/$victim/build/Planted.targets"
  made=false
  [ -d "${planted%/*}" ] || { mkdir "${planted%/*}" && made=true; }
  printf '<Project />' > "$planted"
  build 09-planted "$after"
  refuses 09-planted HRD1004 "refuses a planted file ($victim)"
  rm "$planted"
  ! $made || rmdir "${planted%/*}"
else
  row "refuses a changed byte, a planted file" "not tried: no package with code on disk"
fi

project=''
while IFS= read -r key; do
  load "$after/$key"
  if [ -f "$after/$key" ] && [[ $text =~ \<Project[[:space:]][^\>]*Sdk= ]] && place '</Project>'; then
    project=$key
    break
  fi
done < <(section projects)
if [ -n "$project" ]; then
  cp -p "$after/$project" "$work/untouched"
  insert "$at" '<ItemGroup><PackageReference Include="Hardening.Adoption.Unknown" Version="1.0.0" /></ItemGroup>'
  save "$after/$project"
  build 10-reference "$after"
  refuses 10-reference HRD1001 "refuses a new reference ($project)"
  asked=0
  ! grep -q 'NU1101' "$logs/10-reference.log" || asked=1
  verdict "refuses it before a source is asked" $asked
  cp -p "$work/untouched" "$after/$project"
fi

build 11-again "$after"
verdict "builds again when all is taken back" "$status" "$(codes "$logs/11-again.log")"
cp "$lockfile" "$work/lockfile"
update 12-update
[ "$status" -ne 0 ] || cmp -s "$lockfile" "$work/lockfile" || status=1
verdict "a second update changes no byte" "$status"
row "second update" "$elapsed s"

section projects > "$work/locked"
unhardened=$(cd "$after" && git ls-files -z -- '*.csproj' '*.fsproj' '*.vbproj' '*.vcxproj' '*.proj' '*.wixproj' '*.sqlproj' | tr '\0' '\n' | grep -vxF -f "$work/locked" || true)

echo
echo "$name, .NET SDK $(dotnet --version)"
printf '%s' "$rows"
if [ -n "$unhardened" ]; then
  echo "Projects that are not in the lockfile:"
  printf '%s\n' "$unhardened" | sed 's/^/  /'
fi
if [ -f "$after/hardening.yml" ]; then
  echo "hardening.yml:"
  sed 's/^/  /' "$after/hardening.yml"
fi
if [ $failures -gt 0 ]; then
  echo "$failures did not hold."
  $keep || echo "Run it with --keep to have the logs."
  exit 1
fi
echo "All held."
