"""The data the evaluator reads: compressed snapshots with their source and date inside them."""
