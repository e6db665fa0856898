# SPDX-License-Identifier: Apache-2.0
#
# Has an interactive zsh complete a line by a script, and prints each match as <match>.
#
#   zsh -f complete.zsh SCRIPT LINE
zmodload zsh/zpty
zpty shell zsh -f -i

# Reads until a mark; what is typed here comes back as an echo, in which no mark is in one piece.
await() {
    local text= part
    until [[ $text == *$1* ]]; do
        zpty -r shell part || exit
        text+=$part
    done
    print -r -- $text
}

zpty -w shell 'PROMPT=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -u -D'
zpty -w shell "source ${(q)1}"
zpty -w shell '
compadd() {
    if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
        local -a hits
        builtin compadd -A hits "$@"
        for hit in $hits; do print -r -- "<""$IPREFIX$hit>"; done
    fi
    builtin compadd "$@"
}
finish() { print -r -- "END""ED" }
comppostfuncs=(finish)
zle -C complete-word complete-word _main_complete
bindkey "^I" complete-word
print -r -- "REA""DY"'
await READY >/dev/null
zpty -w -n shell "$2"$'\t'
await ENDED
zpty -d shell
