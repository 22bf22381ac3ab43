/** Commands to all workers: records on the control topic. */
@NullMarked
package io.celeriac.contract.control;

import org.jspecify.annotations.NullMarked;
