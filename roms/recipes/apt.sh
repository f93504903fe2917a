# A private apt: verified Debian packages of any architecture, without root and without touching the host's own apt.
# Sourced by `guest`. It keeps its own state under $cache/apt, takes the mirror's address and the proxy from the
# host's configuration, and trusts Debian's archive keyring alone. It fetches; unpacking is the recipes' business.

# apt_open ARCH SUITE...: fetches the package lists; afterwards apt_get and apt_cache speak of that architecture.
apt_open() {
    arch=$1
    shift
    state=$cache/apt/$arch
    mkdir -p "$state/empty" "$state/lists/partial" "$state/nothing/partial" "$download"
    : >"$state/status"
    mirror=$(apt_mirror)
    [ -n "$mirror" ] || die "this machine's apt sources name no Debian mirror; set VITRINE_MIRROR to the address of one"
    keyring=$(apt_keyring) || die "Debian's keyring is missing; install the package debian-archive-keyring"
    for suite in "$@"; do
        echo "deb [arch=$arch signed-by=$keyring] $mirror $suite main"
    done >"$state/sources"
    apt_write_config >"$state/config"
    say "reading the package lists of Debian $* for $arch"
    apt_get -o APT::Update::Error-Mode=any update >&2
}

apt_get() { APT_CONFIG=$state/config apt-get -qq "$@"; }
apt_cache() { APT_CONFIG=$state/config apt-cache "$@"; }

# The mirror this machine already uses. apt itself reads its sources, in whichever form they are written.
apt_mirror() {
    if [ -n "${VITRINE_MIRROR:-}" ]; then
        echo "${VITRINE_MIRROR%/}"
        return
    fi
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    apt-get update --print-uris 2>/dev/null | sed -n "s|^'\(.*\)/dists/$codename/InRelease' .*|\1|p" | head -n 1
}

apt_keyring() {
    for keyring in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
        [ -r "$keyring" ] && echo "$keyring" && return
    done
    return 1
}

# Only transport settings (proxies, time-outs, certificates, date checks) come from the host: no hooks, no
# preferences, and nothing that would let an unsigned archive through.
apt_write_config() {
    apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries|Check-|Max-|ForceIPv)'
    cat <<END
Dir::Etc::main "/dev/null";
Dir::Etc::parts "$state/empty";
Dir::Etc::sourcelist "$state/sources";
Dir::Etc::sourceparts "$state/empty";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$state/empty";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::Cache "$state";
Dir::Log "$state";
#clear APT::Architectures;
APT::Architecture "$arch";
APT::Architectures:: "$arch";
APT::Default-Release "$suite";
APT::Get::AllowUnauthenticated "false";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::AllowDowngradeToInsecureRepositories "false";
Acquire::Languages "none";
Acquire::Retries "3";
END
    # apt run by root drops to a user who may not enter root's cache.
    [ "$(id -u)" != 0 ] || echo 'APT::Sandbox::User "root";'
}

# apt_fetch WHAT APT-ARGUMENTS...: downloads what `apt-get APT-ARGUMENTS` would, checked against the signed lists, with a
# progress bar. Leaves the names of the files, one a line, in $state/files. Whole files of an earlier try are kept; half a
# file is continued where the mirror agrees, which is why apt's helper does it: `apt-get download` would start again.
apt_fetch() {
    what=$1
    shift
    # Asked from an empty folder with an empty archive, or apt would leave out what is there already.
    (cd "$state/nothing" && apt_get -o "Dir::Cache::archives=$state/nothing" --print-uris "$@") >"$state/uris" || return 1
    awk '{ print $2 }' "$state/uris" >"$state/files"
    total=$(awk '{ bytes += $3 } END { print bytes + 0 }' "$state/uris")
    say "fetching $what ($(megabytes "$total") MB)"
    set --
    while read -r uri file _ hash; do
        ! is_whole "$download/$file" "$hash" || continue
        uri=${uri#\'}
        set -- "$@" "${uri%\'}" "$download/$file" "$hash"
    done <"$state/uris"
    [ $# -gt 0 ] || return 0
    if [ -t 2 ]; then
        watch_download "$total" 9>&- &
        watcher=$!
    fi
    fetched=yes
    APT_CONFIG=$state/config /usr/lib/apt/apt-helper -qq download-file "$@" >&2 || fetched=no
    stop_watcher
    [ $fetched = yes ]
}

# is_whole FILE SHA256:HASH
is_whole() { [ -f "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" = "${2#SHA256:}" ]; }

stop_watcher() {
    [ -n "${watcher:-}" ] || return 0
    kill "$watcher" 2>/dev/null
    wait "$watcher" 2>/dev/null || :
    watcher=
    printf '\r\033[K' >&2
}

watch_download() {
    while sleep 0.3; do
        have=$(find "$download" -type f -name '*.deb' -printf '%s\n' | awk '{ bytes += $1 } END { print bytes + 0 }')
        draw_bar "$have" "$1"
    done
}

# draw_bar HAVE TOTAL: one line, redrawn in place.
draw_bar() {
    awk -v have="$1" -v total="$2" 'BEGIN {
        part = total > 0 ? have / total : 0; if (part > 1) part = 1
        for (i = 0; i < 40; i++) bar = bar (i < part * 40 ? "#" : "-")
        printf "\r  [%s] %3d %%  %d of %d MB", bar, part * 100, have / 1000000, (total + 999999) / 1000000
    }' >&2
}

megabytes() { awk -v bytes="$1" 'BEGIN { printf "%d", (bytes + 999999) / 1000000 }'; }
