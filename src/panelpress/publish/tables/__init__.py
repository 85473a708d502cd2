"""What a release holds: its tables, each made empty and filled by SELECT from protected and open tables."""
