package io.celeriac.access.rule;

import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * One row of the table: a kind of request, and what its caller needs.
 *
 * @param method such as {@code GET}, which includes HEAD
 * @param path as controllers write it, such as {@code /api/tasks/{id}}
 * @param requirement what the caller needs
 * @param showsPayload true when the answer may have arguments or results, so that a person's look at it is recorded
 */
public record Endpoint(String method, PathPattern path, Requirement requirement, boolean showsPayload) {

    private static final PathPatternParser PARSER = new PathPatternParser();

    static Endpoint of(String method, String path, Requirement requirement) {
        return new Endpoint(method, PARSER.parse(path), requirement, false);
    }

    Endpoint showingPayload() {
        return new Endpoint(method, path, requirement, true);
    }

    boolean isFor(String asked) {
        return method.equals(asked) || (method.equals("GET") && asked.equals("HEAD"));
    }

    @Override
    public String toString() {
        return method + " " + path;
    }
}
