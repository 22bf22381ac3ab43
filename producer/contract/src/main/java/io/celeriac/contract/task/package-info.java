/** A task: the value of a record on the topic of a queue. */
@NullMarked
package io.celeriac.contract.task;

import org.jspecify.annotations.NullMarked;
