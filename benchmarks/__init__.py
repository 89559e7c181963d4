"""Speed, as ratios against peers and physical limits measured in the same minute on the same machine."""
