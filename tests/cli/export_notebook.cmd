# A notebook of two results, with words before, between and after them.
printf 'Before.\n---\nBetween.\n\nStill.\n---\nAfter.\n' >words.md
reqpath export notebook tests/data/page/whatif.json tests/data/page/plan.json \
    --title 'Mine & yours' --text words.md -o x.ipynb
cat x.ipynb

# What cannot be: words for a page, words that are not there.
reqpath export page tests/data/page/plan.json --text words.md
echo "exit $?"
reqpath export notebook tests/data/page/plan.json --text none.md
echo "exit $?"
