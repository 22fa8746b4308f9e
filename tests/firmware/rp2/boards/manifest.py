# The port needs these modules to boot.
freeze("$(PORT_DIR)/modules", ("_boot.py", "rp2.py"))
