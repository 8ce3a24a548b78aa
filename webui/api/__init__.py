"""The JSON API below /api/v1: what a clinician's or a school's own system does, with the same forms as the pages.

Every request passes the same few doors, each a module: `bearer` (who comes in, what for, how often), `reading` (the
body and the address, strictly), `idempotency` (asked twice, done once), `preconditions` (ETag, If-Match), `paging`,
`problems` (everything that goes wrong), `document` (OpenAPI, drawn from the same declarations).

To add a resource, write `api.py` in the room of its matter, like webui/pupil/api.py, and name it in webui/app.py. It
makes a Resource and declares what it answers:

    things = Resource("things", "What a thing is, in one sentence.")

    class ThingsQuery(Closed):                      # what the address may ask; page and per_page come by themselves
        state = Choice("State", choices=STATES, required=False)

    class ThingSchema(Schema):                      # what is answered, field by field
        thing = fields.UUID(required=True)

    @things.lists("/things", scope="pupils:read", query=ThingsQuery, answers=ThingSchema)
    def listed(query, page):                        # Rows(rows, total): dicts or structs, dumped by ThingSchema
        ...

    @things.shows("/things/<uuid:thing>", scope="pupils:read", answers=ThingSchema)
    def one(thing):                                 # Shown(document, version): `version` becomes the ETag
        ...

    @things.records("/things", scope="pupils:write", takes=ThingForm, makes=("thing",))
    def add(typed, asked):                          # asked.new_id("thing"), asked.perform([...commands]); returns
        ...                                         # Made({"thing": id}, where="/things/<id>")

    @things.records("/things/<uuid:thing>/changes", scope="pupils:write", takes=ChangeForm, thing=one)
    def change(typed, asked, thing):                # with `thing=`: If-Match is asked for; `asked.seen` goes into the
        ...                                         # command's `seen`, and the ETag afterwards is that of one(thing)

`takes` and `query` are form schemas (webui/forms): `closed(FormSchema)` makes the strict twin of one of a page, which
refuses fields it does not know and values of another JSON type. Commands go through `asked.perform`, names through
casework.open_sealed, readings are noted with casework.shown: as a page does it, with the same viewer().
A foreign id is NotFound, which is a 404 that tells nothing. Refusal needs nothing: it becomes a problem by itself.
"""
