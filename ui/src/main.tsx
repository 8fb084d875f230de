document.getElementById('root')!.textContent = 'Trainyard';
