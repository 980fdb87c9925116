"""The organisation's central server: enrolment, push, pull, access, cases.

Read in this order: `tables` (what is kept), `policy` (who may what), `push` with `judging`
(how a change set is answered), `pull` (what a device is sent), `access` and `cases` (people's
decisions), `app` (HTTP), `admin` and `main` (command line). Never ships to phones.
"""
