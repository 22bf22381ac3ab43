/** Classes that break the house rules, one each, so that every rule is seen to fail. */
@NullMarked
package io.celeriac.badhouse;

import org.jspecify.annotations.NullMarked;
