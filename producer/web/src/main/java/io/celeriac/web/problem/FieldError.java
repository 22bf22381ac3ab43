package io.celeriac.web.problem;

/**
 * A field of the request that is at fault.
 *
 * @param field its path, such as {@code [3].kwargs}, or the name of a parameter or header
 * @param message what it must be, to be read after its name
 */
public record FieldError(String field, String message) {}
