/**
 * Errors as RFC 9457 problems, {@code application/problem+json}, with {@code errors: [{field, message}]} where fields
 * are at fault. Features throw a {@link io.celeriac.web.problem.ProblemException}, or let what they use throw.
 */
@NullMarked
package io.celeriac.web.problem;

import org.jspecify.annotations.NullMarked;
