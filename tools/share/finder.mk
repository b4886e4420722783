# Lists of files for GNU make, up to date whenever a file comes or goes:
#
#   include /usr/local/share/finder/finder.mk
#   $(eval $(call finder_list,out/sources.list,-g '*.c' src))
#   out/pack: out/sources.list
#
# finder runs if the time of a directory it looked into has moved; what depends
# on the list is made again only if the list has changed. LIST, LIST.d and
# LIST.stamp must lie where finder does not look, or each run causes the next.
#
# $(1) is the list, $(2) are finder's options and roots.

FINDER ?= finder

# The stamp's time is that before the scan, so that a directory that changes
# meanwhile is newer. The list has a recipe, so that make looks whether it has
# changed.
define finder_list
$(1): $(1).stamp ; @:
$(1).stamp: $$(firstword $$(MAKEFILE_LIST))
	@mkdir -p $$(@D)
	$$(FINDER) $(2) -o $(1) --depfile $(1).d --depfile-stamp $$@
-include $(1).d
endef
