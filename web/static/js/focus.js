// A browser leaves a stop of the keyboard where it is when a part of it peeks into its sideways row, or out from under a bar; here
// all of it is shown. A press on a link is left alone: what is pressed must not move away from under the finger.
document.addEventListener('focusin', ({ target }) => {
  if (target.matches(':focus-visible') && target.closest('.kinds, .lane-row, .tabs, .thumbs, .field')) target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
});
