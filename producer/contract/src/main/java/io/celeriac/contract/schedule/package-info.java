/** Schedules that an application declares in its code: records on the control topic. */
@NullMarked
package io.celeriac.contract.schedule;

import org.jspecify.annotations.NullMarked;
