"""The termly report to a school's governors: shares with the inspectors' words, small numbers withheld."""
