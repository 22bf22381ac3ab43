/**
 * The limits of the wire, and the checks that apply them.
 *
 * <p>{@link io.celeriac.contract.rule.Limits} is the one list of limits. The other classes check fields, and tell users what is wrong.
 */
@NullMarked
package io.celeriac.contract.rule;

import org.jspecify.annotations.NullMarked;
