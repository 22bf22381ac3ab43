/**
 * Errors as RFC 9457 problems, {@code application/problem+json}, with {@code errors: [{field, message}]} if fields are at
 * fault. Features throw a {@link io.celeriac.web.problem.ProblemException}, or let the exceptions of their libraries pass.
 */
@NullMarked
package io.celeriac.web.problem;

import org.jspecify.annotations.NullMarked;
