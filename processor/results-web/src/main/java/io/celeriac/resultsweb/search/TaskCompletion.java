package io.celeriac.resultsweb.search;

import io.celeriac.results.condition.TextColumn;
import io.celeriac.results.query.CompletionValues;
import io.celeriac.resultsweb.search.Candidates.Candidate;
import io.celeriac.web.search.Completion;
import io.celeriac.web.search.Query;
import io.celeriac.web.search.SearchField;
import java.util.Locale;
import java.util.stream.Stream;

/** Completes the end of a search with fields, and with values that there are. */
final class TaskCompletion {

    private static final int MOST = 20;

    private final TaskFields fields;

    TaskCompletion(TaskFields fields) {
        this.fields = fields;
    }

    /**
     * @param values that the caller may see
     * @param withArguments whether values of arguments may be among the candidates
     */
    Candidates complete(String text, CompletionValues values, boolean withArguments) {
        var completion = Completion.at(text, fields.catalogue());
        var candidates = completion instanceof Completion.OfField field
                ? fieldsThatBegin(values, field.prefix())
                : completion instanceof Completion.OfValue value && (withArguments || !isArgument(value.field()))
                        ? valuesOf(values, value)
                        : Stream.<Candidate>empty();
        return new Candidates(completion.position(), candidates.limit(MOST).toList());
    }

    private Stream<Candidate> fieldsThatBegin(CompletionValues values, String prefix) {
        if (prefix.startsWith("label.")) {
            var name = prefix.substring("label.".length());
            return values.labelNames(name, MOST).stream()
                    .map(label -> new Candidate("label." + Query.quoted(label) + ":", "A label"));
        }
        if (prefix.startsWith("args.")) {
            var path = prefix.substring("args.".length());
            return fields.indexedArguments().stream()
                    .filter(argument -> argument.startsWith(path))
                    .sorted()
                    .map(argument -> new Candidate("args." + Query.quoted(argument) + ":", "An argument"));
        }
        return fields.catalogue().fields().stream()
                .filter(field -> field.name().startsWith(prefix.toLowerCase(Locale.ROOT)))
                .map(field -> new Candidate(field.hasPath() ? field.name() : field.name() + ":", field.help()));
    }

    private static boolean isArgument(SearchField field) {
        return field.name().equals("args.");
    }

    private Stream<Candidate> valuesOf(CompletionValues values, Completion.OfValue value) {
        return found(values, value.field(), value.path(), value.prefix())
                .map(text -> new Candidate(Query.quoted(text), ""));
    }

    private Stream<String> found(CompletionValues values, SearchField field, String path, String prefix) {
        if (!field.words().isEmpty()) {
            var upper = prefix.toUpperCase(Locale.ROOT);
            return field.words().stream().filter(word -> word.startsWith(upper));
        }
        return switch (field.name()) {
            case "label." -> values.labelValues(path, prefix, MOST).stream();
            case "args." ->
                fields.indexedArguments().contains(path)
                        ? values.argumentValues(path, prefix, MOST).stream()
                        : Stream.empty();
            case "task" -> values.values(TextColumn.TASK, prefix, MOST).stream();
            case "queue" -> values.values(TextColumn.QUEUE, prefix, MOST).stream();
            case "schedule" -> values.values(TextColumn.SCHEDULE, prefix, MOST).stream();
            default -> Stream.empty();
        };
    }
}
