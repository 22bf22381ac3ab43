/**
 * The limits of the wire, and the checks that apply them.
 *
 * <p>{@link io.celeriac.contract.rule.Limits} is the one list of limits. The other classes check a field and say in a user's words what is
 * wrong with it.
 */
@NullMarked
package io.celeriac.contract.rule;

import org.jspecify.annotations.NullMarked;
