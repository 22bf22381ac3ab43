package io.celeriac.web.problem;

/**
 * A field of the request that is at fault.
 *
 * @param field its path, such as {@code [3].kwargs}, or the name of a parameter or header
 * @param message what it must be; the text follows the field's name
 */
public record FieldError(String field, String message) {}
