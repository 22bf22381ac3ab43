package io.celeriac.web.search;

import io.celeriac.web.search.SearchField.Index;
import io.celeriac.web.search.SearchField.Kind;
import java.util.List;
import java.util.Set;

/** Fields of every kind. */
final class Fields {

    static final FieldCatalogue ALL = new FieldCatalogue(List.of(
            SearchField.text("task", Index.ALL, "Name of the handler", "task:report.*"),
            SearchField.words("state", List.of("PENDING", "SUCCESS", "FAILURE"), Index.ALL, "State", "state:FAILURE"),
            SearchField.part("error", Index.NONE, "In the error's type or message", "error:Timeout"),
            SearchField.compared("attempt", Kind.NUMBER, Index.NONE, "Number of the attempt", "attempt:>1"),
            SearchField.compared("took", Kind.DURATION, Index.NONE, "Run time", "took:>5s"),
            SearchField.compared("finished", Kind.INSTANT, Index.NONE, "End", "finished:>1h"),
            SearchField.bound("since", Operator.GREATER_OR_EQUAL, Index.ALL, "Submitted then or later", "since:1h"),
            SearchField.text("label.", Index.ALL, "A label", "label.tenant:42"),
            SearchField.text("args.", Index.of(Set.of("to")), "An argument", "args.to:\"ada@example.org\"")));

    private Fields() {}
}
