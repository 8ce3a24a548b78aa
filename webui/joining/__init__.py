"""The files of one child: joining two, seeing that they are joined, separating them."""
