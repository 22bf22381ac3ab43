/** The result of a task, and dead letters. */
@NullMarked
package io.celeriac.contract.result;

import org.jspecify.annotations.NullMarked;
