ln -s tests/data/ab ab
cat ab/basic.out ab/refused.out ab/refused.err |
    reqpath ab --format json - ab/basic.csv
reqpath ab --format csv ab/basic.out ab/n404.out ab/basic.csv
reqpath ab --format md ab/basic.out ab/v20.out
