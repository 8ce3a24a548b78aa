"""The JSON API below /api/v1, for the systems of agencies and schools. It uses the same forms as the pages.

Every request passes through the same modules: `bearer` (authentication, scope and rate limit), `reading` (strict
reading of the body and the address), `idempotency` (a repeated request is carried out once), `preconditions` (ETag,
If-Match), `paging`, `problems` (errors) and `document` (OpenAPI, generated from the same declarations).

To add a resource, write `api.py` in the folder of its subject, like webui/pupil/api.py, and name it in webui/app.py. It
makes a Resource and declares its operations:

    things = Resource("things", "What a thing is, in one sentence.")

    class ThingsQuery(ClosedSchema):                # query parameters; page and per_page are added
        state = ChoiceField("State", choices=STATES, required=False)

    class ThingSchema(Schema):                      # the response, field by field
        class Meta(Schema.Meta):                    # names; the types are those of the query's struct
            include = fields_of(ThingSummary, "thing", "held_on")

        words = fields.String(required=True)        # what the struct does not have

    @things.lists("/things", scope="pupils:read", query=ThingsQuery, answers=ThingSchema)
    def listed(query, page):                        # ResourceRows(rows, total), dumped by ThingSchema
        ...

    @things.shows("/things/<uuid:thing>", scope="pupils:read", answers=ThingSchema)
    def one(thing):                                 # ResourceView(document, version): `version` is for the ETag
        ...

    @things.records("/things", scope="pupils:write", takes=ThingForm, makes=("thing",))
    def add(typed, asked):                          # asked.new_id("thing"), asked.perform_all([...commands])
        ...                                         # returns RecordingResult({"thing": id}, "/things/<id>")

    @things.records("/things/<uuid:thing>/changes", scope="pupils:write", takes=ChangeForm, thing=one)
    def change(typed, asked, thing):                # with `thing=`: If-Match is required; `asked.seen` goes into the
        ...                                         # command's `seen`, and the ETag afterwards is that of one(thing)

`takes` and `query` are form schemas (webui/forms): `closed_schema(FormSchema)` makes the strict version of a page's
schema, which refuses unknown fields and values of another JSON type. Commands go through `asked.perform`, names through
casework.open_sealed, readings are noted with casework.note_shown: as a page does it, with the same viewer().
A foreign id raises NotFound, a 404 without details. A Refusal is turned into a problem document automatically.
"""
