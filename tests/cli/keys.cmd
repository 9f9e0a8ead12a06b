reqpath keys server
echo
reqpath keys hooks
echo
reqpath keys --format csv cpu
echo
reqpath keys --format md capacity
echo
reqpath keys --format json seed
