"""Where facilities should stand: the classic models of location, solved to proof."""
