# Sourced by the tests that hold `reqpath explain --stacks` to counts of the
# real Django: check_oracle FOLDER prints one line for each file of counts.

# The file without the line ends of Windows.
plain() {
    tr -d '\r' <"$1"
}

# check FILE OPTION...: what is printed is the file itself.
check() {
    file=$1
    shift
    reqpath explain --stacks "$folder/$file" "$@" >found.csv
    plain "$folder/$file" >expected.csv
    report "$file"
}

# The same for the file of hooks, which has no count of threads, and other
# names for the places where sync_to_async ran.
check_hooks() {
    file=$1
    shift
    reqpath explain --stacks "$folder/$file" --executors "$@" |
        cut -d, -f1-7,9-12 | tail -n +2 >found.csv
    plain "$folder/$file" | tail -n +2 >expected.csv
    report "$file"
}

report() {
    if [ -s expected.csv ] && diff expected.csv found.csv | head -n 5 >first &&
        ! [ -s first ]; then
        echo "$1: equal"
    else
        echo "$1: not equal"
        cat first
    fi
}

check_oracle() {
    folder=$1
    check transitions_django32.csv
    check transitions_django32_inloop.csv --app-in-loop
    check transitions_django32_inloop.csv --server uvicorn
    check transitions_django42.csv --framework-version 4.2 \
        --asgiref-version 3.7
    check transitions_django42_asgiref38.csv --framework-version 4.2 \
        --asgiref-version 3.8
    check transitions_djangomain.csv --framework-version main \
        --asgiref-version 3.12
    check single_2dc408fb_asgiref-3.6.0.csv --path single
    check single_2dc408fb_asgiref-3.6.0.csv --path single \
        --framework-version 4.2 --asgiref-version 3.12
    check_hooks hooks_django32.csv
}
